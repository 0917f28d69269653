-- The spool of one site: what it has seen and the desk does not have yet, and the plan it works by.
create table spool_state (
    id integer primary key check (id = 1),
    epoch integer not null,      -- names this spool to the desk; a lost spool comes back with a larger one
    run integer not null,        -- starts of the process, counted
    formed integer not null,     -- the highest sequence given to a batch
    dropped integer not null     -- results given up because the spool was full
);

-- One row per group commit. A chunk that belongs to a batch never changes again.
create table spool_chunks (
    id integer primary key,
    run integer not null,
    lane integer not null,       -- 0 live, 1 backlog
    sequence integer,            -- the batch it was posted in; null while it waits
    results integer not null,
    bytes integer not null,
    body blob not null
);

create index spool_chunks_waiting on spool_chunks (sequence, lane, id);

create table spool_plan (
    id integer primary key check (id = 1),
    body blob not null
);
