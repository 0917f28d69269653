-- When the desk is away. The same tables serve the desk and, in its own away.db, a site that stands in for it.

-- How many events of an episode a site has handed back: at the desk what was taken, at the site what the desk has.
create table handed_back (
    site text not null,
    item integer not null,
    episode integer not null,
    events integer not null,
    primary key (site, item, episode)
);

-- The certificates that sites show to their peers, as they told the desk.
create table site_pins (
    site text not null primary key,
    pin text not null
);

-- At a site: what it must know to speak, kept for a start without a desk.
create table away_plans (
    id integer not null primary key,
    body text not null
);

create table episode_notes (
    item integer not null primary key,
    body text not null
);
