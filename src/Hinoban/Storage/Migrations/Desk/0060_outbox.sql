-- A mail is its final text; its bytes are made at sending, the same each time.
create table outbox_mails (
    mail_key text not null primary key,
    incident integer not null,
    customer text not null,
    kind text not null,
    subject text not null,
    body text not null,
    charset text not null,
    list_address text not null,
    list_name text not null,
    automatic integer not null,
    from_name text not null,
    thread text not null,
    date_utc bigint not null
);
create index outbox_mails_incident on outbox_mails (incident);
create index outbox_mails_customer on outbox_mails (customer, date_utc);
create index outbox_mails_date on outbox_mails (date_utc);

-- One row per recipient; the row's number is in the envelope sender, so that the relay's log and bounces name it.
create table outbox_deliveries (
    id integer primary key,
    mail_key text not null references outbox_mails (mail_key),
    incident integer not null,
    recipient text not null,
    desk integer not null,
    state text not null,
    attempts integer not null,
    next_utc bigint not null,
    attempt_utc bigint,
    outcome_unknown integer not null,
    possibly_twice integer not null,
    looked_up integer not null,
    queue_id text not null,
    last_reply text not null,
    settled_utc bigint,
    unique (mail_key, recipient)
);
create index outbox_deliveries_state on outbox_deliveries (state, id);
create index outbox_deliveries_thread on outbox_deliveries (incident, recipient, id);
