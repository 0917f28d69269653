-- What was agreed to be watched: revisions of the whole desk, immutable editions with their text, and the items with ids for ever.

create table spec_revisions (
    revision integer not null primary key,
    accepted_utc bigint not null,
    accepted_by text not null,
    summary text not null
);

create table editions (
    customer text not null,
    serial integer not null,
    edition integer not null,
    revision integer not null references spec_revisions (revision),
    hash text not null,
    provider_sites text not null,
    sources text not null,
    accepted_utc bigint not null,
    accepted_by text not null,
    primary key (customer, serial)
);

-- The edition in force; a customer that was taken out has none.
create table editions_in_force (
    customer text not null primary key,
    serial integer not null,
    foreign key (customer, serial) references editions (customer, serial)
);

create table items (
    id integer not null primary key,
    customer text not null,
    host text not null,
    service text not null,
    since_revision integer not null,
    retired integer not null,
    retired_revision integer null
);
create unique index items_in_force on items (customer, host, service) where retired = 0;
