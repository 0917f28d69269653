-- How far each site's results are counted. Written in the transaction of the batch itself.
create table sites (
    site text primary key,
    epoch bigint not null,
    sequence bigint not null,
    gaps bigint not null,          -- batches that never came, of the present epoch and those before
    first_utc bigint not null,
    last_utc bigint not null
);

-- Keys that sites sign their requests with.
create table site_keys (
    site text not null,
    fingerprint text not null,     -- SHA-256 of the public key, hex
    public_key text not null,      -- SubjectPublicKeyInfo, base64
    added_utc bigint not null,
    revoked_utc bigint,
    primary key (site, fingerprint)
);

-- Samples as they came, one row per batch, until they are compacted.
create table sample_batches (
    site text not null,
    epoch bigint not null,
    sequence bigint not null,
    from_utc bigint not null,
    to_utc bigint not null,
    samples bigint not null,
    body blob not null,
    primary key (site, epoch, sequence)
);

-- Samples of one item at one site in one block of time.
create table sample_chunks (
    item bigint not null,
    site text not null,
    block bigint not null,         -- number of the block since 1970
    samples bigint not null,
    body blob not null,
    primary key (item, site, block)
);

create index sample_chunks_block on sample_chunks (block);
