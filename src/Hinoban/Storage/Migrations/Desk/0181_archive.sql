-- How much of a mail is kept (Whole, UntilPassed, Head), and in how many octets.
alter table inbound_mails add column kept text not null default 'Whole';
alter table inbound_mails add column stored bigint not null default 0;
update inbound_mails set stored = length(packed);
create index inbound_mails_received on inbound_mails (received_utc);
create index outbox_mails_archived on outbox_mails (archived) where archived is not null;
