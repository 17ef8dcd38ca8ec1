create table dateline.websub_subscriptions ( -- hubs that feeds offer, and our subscriptions there (WebSub)
    source_id       bigint primary key references dateline.sources on delete cascade, -- the feed
    hub             text,                               -- address of its hub; null: it offers none any more
    topic           text not null,                      -- the feed's own address, by which the hub knows it
    token           text not null unique,               -- last part of our address for this hub: nobody can guess it
    secret          text not null,                      -- with it the hub signs what it delivers
    wanted          boolean not null default true,      -- false: a person does not want it
    state           text not null default 'offered' check (state in ('offered', 'asked', 'active', 'denied', 'ended')), -- how it stands
    pending         text check (pending in ('subscribe', 'unsubscribe')), -- what we asked for, as long as the hub may verify it
    pending_until   timestamptz,                        -- until when the hub may verify it
    callback        text,                               -- the address that we gave to the hub last
    attempts        integer not null default 0,         -- requests to the hub since it last agreed
    next_attempt_at timestamptz not null,               -- when the hub is to be asked (again)
    verified_at     timestamptz,                        -- when the hub last verified a subscription
    expires_at      timestamptz,                        -- end of the lease that the hub granted
    deliveries      bigint not null default 0,          -- deliveries with a good signature
    delivered_new   bigint not null default 0,          -- URLs in them that we did not know
    refused         bigint not null default 0,          -- deliveries without a good signature: nothing of them was stored
    last_delivery_at timestamptz,                       -- when the last good one came
    last_body_sha256 text,                              -- hex digest of it: the same again is not read again
    failure_code    text,                               -- why the last request failed, null after the hub agreed
    failure_message text,                               -- the same in words
    created_at      timestamptz not null default now()  -- when the feed first offered a hub
);
