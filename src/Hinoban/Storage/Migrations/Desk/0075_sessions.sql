-- How often an account's sessions were ended by disabling it: they stay ended when it is enabled again.

alter table accounts add column sessions_ended integer not null default 0;
