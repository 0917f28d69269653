-- A batch of which a part is taken: a large one with much to decide goes in several transactions, each of which says how far it came.
alter table sites add column begun_epoch bigint not null default 0;
alter table sites add column begun_sequence bigint not null default 0;
alter table sites add column begun_results bigint not null default 0;
