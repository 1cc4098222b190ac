-- Times are milliseconds since 1970, durations milliseconds, money billionths of a unit; 0 stands
-- for "none" where a number may be absent. Understood by SQLite and PostgreSQL alike.

CREATE TABLE sessions (
  owner TEXT NOT NULL,
  id TEXT NOT NULL,
  title TEXT NOT NULL,
  title_search TEXT NOT NULL,
  head BIGINT NOT NULL,
  last_message BIGINT NOT NULL,
  settings TEXT NOT NULL,
  temporary INTEGER NOT NULL,
  retention BIGINT NOT NULL,
  created BIGINT NOT NULL,
  used BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  PRIMARY KEY (owner, id)
);

CREATE INDEX sessions_by_use ON sessions (owner, used, id);

CREATE INDEX sessions_by_expiry ON sessions (expires);

CREATE TABLE messages (
  owner TEXT NOT NULL,
  session TEXT NOT NULL,
  number BIGINT NOT NULL,
  parent BIGINT NOT NULL,
  role TEXT NOT NULL,
  body TEXT NOT NULL,
  details TEXT NOT NULL,
  tokens INTEGER NOT NULL,
  created BIGINT NOT NULL,
  pinned INTEGER NOT NULL,
  partial INTEGER NOT NULL,
  PRIMARY KEY (owner, session, number),
  FOREIGN KEY (owner, session) REFERENCES sessions (owner, id) ON DELETE CASCADE
);

CREATE TABLE searches (
  owner TEXT NOT NULL,
  session TEXT NOT NULL,
  number BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (owner, session, number),
  FOREIGN KEY (owner, session, number)
    REFERENCES messages (owner, session, number) ON DELETE CASCADE
);

CREATE TABLE summaries (
  owner TEXT NOT NULL,
  session TEXT NOT NULL,
  until BIGINT NOT NULL,
  covers TEXT NOT NULL,
  body TEXT NOT NULL,
  created BIGINT NOT NULL,
  PRIMARY KEY (owner, session, until),
  FOREIGN KEY (owner, session) REFERENCES sessions (owner, id) ON DELETE CASCADE
);

CREATE TABLE api_keys (
  id TEXT NOT NULL PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  hint TEXT NOT NULL,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  requests_per_minute BIGINT NOT NULL,
  tokens_per_day BIGINT NOT NULL,
  money_per_day BIGINT NOT NULL,
  created BIGINT NOT NULL,
  revoked BIGINT NOT NULL,
  used BIGINT NOT NULL
);

CREATE TABLE reservations (
  id TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  day BIGINT NOT NULL,
  tokens BIGINT NOT NULL,
  cost BIGINT NOT NULL,
  expires BIGINT NOT NULL
);

CREATE INDEX reservations_by_owner ON reservations (owner, day);

CREATE TABLE ledger (
  id TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  session TEXT NOT NULL,
  message BIGINT NOT NULL,
  model TEXT NOT NULL,
  at BIGINT NOT NULL,
  day BIGINT NOT NULL,
  prompt BIGINT NOT NULL,
  cached BIGINT NOT NULL,
  completion BIGINT NOT NULL,
  elapsed BIGINT NOT NULL,
  cpu BIGINT NOT NULL,
  currency TEXT NOT NULL,
  cost BIGINT NOT NULL,
  local_cost BIGINT NOT NULL
);

CREATE INDEX ledger_by_owner ON ledger (owner, day);

CREATE INDEX ledger_by_session ON ledger (owner, session);

CREATE INDEX ledger_by_day ON ledger (day);
