-- The last states of items that have failed, oldest first, one digit each (0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN). Written when the state changes.
create table flap_histories (
    item integer not null primary key,
    customer text not null,
    states text not null,
    at_utc bigint not null
);
create index flap_histories_customer on flap_histories (customer);
