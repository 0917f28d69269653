-- Maintenance that customers ask for, and what the desk decided. Rows are only added.
create table maintenance_requests (
    id integer primary key,
    customer text not null,
    targets text not null,
    from_utc bigint not null,
    to_utc bigint not null,
    reason text not null,
    contact text not null,
    asked_utc bigint not null,
    asked_by text not null
);
create index maintenance_requests_customer on maintenance_requests (customer, to_utc);

create table maintenance_decisions (
    request integer not null primary key references maintenance_requests (id),
    approved integer not null,
    decided_utc bigint not null,
    decided_by text not null,
    reason text not null
);
