-- Who may act at the desk, the API tokens they hold, and what they did.

create table accounts (
    name text not null primary key,
    display_name text not null,
    role text not null,
    customer text null,
    password_hash text not null,
    must_change integer not null,
    disabled integer not null,
    created_utc bigint not null
);

create table api_tokens (
    hash text not null primary key,
    prefix text not null unique,
    account text not null references accounts (name),
    role text not null,
    customer text null,
    created_utc bigint not null,
    last_used_day text null,
    revoked_utc bigint null
);

create table sign_in_failures (
    name text not null,
    origin text not null,
    tries integer not null,
    last_utc bigint not null,
    primary key (name, origin)
);

create table audit (
    id integer not null primary key,
    at_utc bigint not null,
    who text not null,
    origin text not null,
    action text not null,
    about text not null
);
