-- An incident is its events; the row beside them holds only what is searched by.
create table incidents (
    id integer primary key,
    number text not null unique,
    customer text not null,
    item integer not null,
    episode integer not null,
    host text not null,
    service text not null,
    opened_utc bigint not null,
    failing integer not null,
    is_open integer not null,
    unique (item, episode)
);
create index incidents_open on incidents (is_open, customer);
create index incidents_opened on incidents (opened_utc);

create table incident_events (
    incident integer not null references incidents (id),
    seq integer not null,
    at_utc bigint not null,
    kind text not null,
    by_whom text not null,
    body text not null,
    primary key (incident, seq)
);

-- The count within INC-yymmdd-nnnn, per local day.
create table incident_days (
    day text not null primary key,
    last_count integer not null
);
