-- Log hits, each once: the identity is the same from whichever site it comes, and however often. incident: the one it opened or made longer; null only
-- inside the transaction that takes it.
create table log_hits (
    item bigint not null,
    identity text not null,
    customer text not null,
    site text not null,
    incident bigint,
    read_utc bigint not null,
    taken_utc bigint not null,
    body text not null,
    primary key (item, identity)
);

create index log_hits_new on log_hits (item) where incident is null;
create index log_hits_latest on log_hits (item, read_utc);
create index log_hits_incident on log_hits (incident, read_utc);
create index log_hits_taken on log_hits (taken_utc);
