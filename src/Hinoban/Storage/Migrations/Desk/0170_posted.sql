-- The last result that was taken of each passive item: what is older, or came already, changes nothing. marks: the identities of all results
-- that bore that time.
create table posted_results (
    item bigint not null primary key,
    customer text not null,
    time_utc bigint not null,
    marks text not null
);
