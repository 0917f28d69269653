-- How each site sees each item; a row is written only when the view changes, so that an OK after an OK costs nothing.
-- look_utc and the texts are those of the last look that changed something.
create table site_views (
    item integer not null,
    site text not null,
    customer text not null,
    status integer not null,
    state_type text not null,
    attempt integer not null,
    failing_looks integer not null,
    host_was_down integer not null,
    last_hard integer not null,
    reply text not null,
    no_value text not null,
    look_utc bigint null,
    failing_since_utc bigint null,
    changed_utc bigint null,
    took_us bigint not null,
    output text not null,
    long_output text not null,
    perfdata text not null,
    primary key (item, site)
);
create index site_views_customer on site_views (customer);

-- What the sites together say of each item.
create table verdicts (
    item integer not null primary key,
    customer text not null,
    judgement text not null,
    standing text not null,
    reach text not null,
    severity integer not null,
    single_site integer not null,
    since_utc bigint not null
);
create index verdicts_customer on verdicts (customer);
