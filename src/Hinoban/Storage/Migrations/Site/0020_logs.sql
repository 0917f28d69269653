-- How far the site has read each log, in the transaction that keeps what it read. lost: results were given up since, perhaps with hits in them, so that
-- the log is read again from the agent's oldest entry once there is room.
create table log_cursors (
    item integer primary key,
    cursor text not null,
    lost integer not null
);
