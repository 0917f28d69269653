-- Signs addresses that come back to us; the key is the desk's, not the machine's.
create table mail_keys (
    name text not null primary key,
    secret blob not null
);

-- Which relay a delivery goes by (0 the first, 1 the second), since when it meets trouble at the first, and what was reported of it afterwards.
alter table outbox_deliveries add column relay integer not null default 0;
alter table outbox_deliveries add column troubled_utc bigint;
alter table outbox_deliveries add column unknown_relay integer not null default 0;
alter table outbox_deliveries add column dsn_action text not null default '';
alter table outbox_deliveries add column dsn_status text not null default '';
alter table outbox_deliveries add column dsn_words text not null default '';
alter table outbox_deliveries add column dsn_utc bigint;

-- A member's post is passed on with the content that it came with.
alter table outbox_mails add column archived bigint;

-- What came in, one row per recipient, as it came (gzip). dedup_key: the same message for the same recipient is kept once.
create table inbound_mails (
    id integer primary key,
    dedup_key text not null unique,
    customer text not null,
    incident bigint,
    kind text not null,
    standing text not null,
    envelope_sender text not null,
    recipient text not null,
    from_name text not null,
    from_address text not null,
    subject text not null,
    message_id text not null,
    excerpt text not null,
    received_utc bigint not null,
    size bigint not null,
    digest text not null,
    packed blob not null
);
create index inbound_mails_incident on inbound_mails (incident, id);
create index inbound_mails_customer on inbound_mails (customer, id);
create index inbound_mails_message on inbound_mails (message_id);

-- Attachments by number; their octets are taken from the mail.
create table inbound_parts (
    mail bigint not null references inbound_mails (id),
    number integer not null,
    name text not null,
    media_type text not null,
    size bigint not null,
    primary key (mail, number)
);

create index outbox_deliveries_recipient on outbox_deliveries (recipient, id);
create index outbox_deliveries_dsn on outbox_deliveries (dsn_action, id);
