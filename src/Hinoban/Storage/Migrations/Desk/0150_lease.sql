-- Under which epoch of the desk's lease a delivery was taken for sending last; 0 where the desk has one node only.
alter table outbox_deliveries add column epoch integer not null default 0;
