import type { Migration } from './database.ts'

/** The queue's schema. Append only: a number that was published is what somebody's disk holds. */
export const MIGRATIONS: readonly Migration[] = [
  `CREATE TABLE transfers (
     id TEXT PRIMARY KEY,
     position REAL NOT NULL,
     -- 0: taken off the list by a person, kept as history.
     listed INTEGER NOT NULL,
     finished_at INTEGER,
     remote_path TEXT NOT NULL,
     size INTEGER NOT NULL,
     source TEXT NOT NULL,
     added_at INTEGER NOT NULL,
     asked_at INTEGER NOT NULL,
     -- JSON: the local path and the names from the remote root on; as JSON, since a name may not be whole Unicode.
     place TEXT NOT NULL,
     on_duplicate TEXT NOT NULL,
     started_over TEXT,
     -- JSON: TransferState, and what it takes to go on (Carry) without the slices.
     state TEXT NOT NULL,
     carry TEXT NOT NULL
   ) STRICT;
   CREATE INDEX transfers_listed ON transfers (listed, position);
   CREATE INDEX transfers_finished ON transfers (finished_at);
   -- Acknowledged by the platform for the upload that carry names.
   CREATE TABLE slices (
     transfer_id TEXT NOT NULL REFERENCES transfers (id) ON DELETE CASCADE,
     upload TEXT NOT NULL,
     no INTEGER NOT NULL,
     PRIMARY KEY (transfer_id, upload, no)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;`,
  // Paths that were named or met and could not be queued. JSON: the path, since a name may not be whole Unicode; Failure; ProblemOrigin.
  `CREATE TABLE problems (
     path TEXT PRIMARY KEY,
     at INTEGER NOT NULL,
     named INTEGER NOT NULL,
     failure TEXT NOT NULL,
     origin TEXT NOT NULL
   ) STRICT;`,
  // Folder sync: the pairs, and for each what both sides last agreed on. Names are JSON, since one may not be whole Unicode.
  `CREATE TABLE sync_pairs (
     id TEXT PRIMARY KEY,
     position INTEGER NOT NULL,
     -- JSON: SyncPair without its id.
     pair TEXT NOT NULL,
     -- JSON: what is known of its roots and of its account (PairFacts).
     facts TEXT NOT NULL,
     -- As the fingerprint of a folder below, for the root.
     fingerprint TEXT
   ) STRICT;
   CREATE TABLE sync_rows (
     id INTEGER PRIMARY KEY,
     pair TEXT NOT NULL REFERENCES sync_pairs (id) ON DELETE CASCADE,
     -- 0: directly in the root.
     parent INTEGER NOT NULL,
     name TEXT NOT NULL,
     ino TEXT NOT NULL,
     file_id INTEGER NOT NULL,
     -- Of files; null in folders.
     size INTEGER,
     mtime_ns TEXT,
     md5 TEXT,
     replaces INTEGER,
     -- Of folders in which nothing differs: what the scanner saw then.
     fingerprint TEXT
   ) STRICT;
   CREATE INDEX sync_rows_parent ON sync_rows (pair, parent);
   CREATE TABLE sync_events (
     pair TEXT NOT NULL REFERENCES sync_pairs (id) ON DELETE CASCADE,
     at INTEGER NOT NULL,
     -- JSON: SyncEvent.
     event TEXT NOT NULL
   ) STRICT;
   CREATE INDEX sync_events_pair ON sync_events (pair, at);`,
]
