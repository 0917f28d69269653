-- Sets of relays: 1 the first, 2 the second, 3 both. may_have: a relay that may have the mail though nobody told. attempt_relay: by which one the attempt under way
-- goes, written before its dialogue. refused_by: for good. held: it waits for a relay, not for a pause of its own.
alter table outbox_deliveries add column may_have integer not null default 0;
alter table outbox_deliveries add column attempt_relay integer not null default 0;
alter table outbox_deliveries add column refused_by integer not null default 0;
alter table outbox_deliveries add column held integer not null default 0;
update outbox_deliveries set may_have = case when unknown_relay = 1 then 2 else 1 end where outcome_unknown = 1;

-- What was under way by the program before: by whichever relay the row named, or the first.
update outbox_deliveries set attempt_relay = case when relay = 1 then 3 else 1 end where state = 'sending';
alter table outbox_deliveries drop column unknown_relay;
