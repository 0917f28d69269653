-- What people silence at run time. Rows are only added: an early end is a row of its own.
create table silences (
    id integer primary key,
    customer text not null,
    host text not null,
    service text not null,
    from_utc bigint not null,
    to_utc bigint not null,
    reason text not null,
    set_utc bigint not null,
    set_by text not null
);
create index silences_to on silences (to_utc);

create table silence_ends (
    silence integer not null primary key references silences (id),
    ended_utc bigint not null,
    ended_by text not null,
    reason text not null
);

-- Alerts that a silence held back, so that they can be counted.
create table silence_holds (
    customer text not null,
    silence text not null,
    incident integer not null references incidents (id),
    at_utc bigint not null
);
create index silence_holds_silence on silence_holds (customer, silence);
