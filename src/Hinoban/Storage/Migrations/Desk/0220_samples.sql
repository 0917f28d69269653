-- 1: its samples are in chunks; it stays only until they have been sent on.
alter table sample_batches add column moved bigint not null default 0;

-- Samples of one item at one site summed up.
create table sample_rollups (
    item bigint not null,
    site text not null,
    step bigint not null,          -- 1: hours, a row holds a UTC day of them; 2: UTC days, a row holds 32 of them
    block bigint not null,         -- number of that day, or of those 32 days, since 1970
    body blob not null,
    primary key (item, site, step, block)
);

create index sample_rollups_block on sample_rollups (step, block);

-- What a look printed, where it differs from the look before in more than its numbers.
create table sample_texts (
    item bigint not null,
    site text not null,
    at_utc bigint not null,
    status bigint not null,
    output text not null,
    primary key (item, site, at_utc)
);

create index sample_texts_at on sample_texts (at_utc);

-- How far samples have been sent on to another system.
create table sample_exports (
    site text primary key,
    epoch bigint not null,
    sequence bigint not null,
    sent bigint not null,          -- samples taken by it
    dropped bigint not null        -- samples that it refused, or that were given up
);
