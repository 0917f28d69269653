-- What was reported of mails that a site sent while the desk was away: they have no row in the desk's outbox. One row per mail and recipient.
create table away_reports (
    mail_key text not null,
    recipient text not null,
    customer text not null,
    action text not null,
    status text not null,
    words text not null,
    at_utc bigint not null,
    primary key (mail_key, recipient)
);
create index away_reports_at on away_reports (at_utc);
