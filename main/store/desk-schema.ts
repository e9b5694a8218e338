import type { DatabaseShape } from './database.ts'

/**
 * What only this console knows. `journal` is append-only and chained by its hashes; `intent` is what finds its
 * rows, and is made from them. `record` holds what the collections of the desk keep, each row with a hash of its
 * own, in the order of `position`.
 */
export const deskShape: DatabaseShape = {
  applicationId: 0x64_69_6d_64, // "dimd"
  synchronous: 'FULL',
  migrations: [
    {
      version: 1,
      up: `
        CREATE TABLE journal (
          id INTEGER PRIMARY KEY,
          intent INTEGER REFERENCES journal (id),
          at INTEGER NOT NULL,
          body TEXT NOT NULL,
          hash TEXT NOT NULL
        ) STRICT;
        CREATE INDEX journal_by_intent ON journal (intent);
        CREATE TABLE journal_subject (subject TEXT NOT NULL, journal_id INTEGER NOT NULL REFERENCES journal (id),
          PRIMARY KEY (subject, journal_id)) STRICT, WITHOUT ROWID;
        CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
      `,
    },
    {
      version: 2,
      up: `
        CREATE TABLE intent (
          journal_id INTEGER PRIMARY KEY REFERENCES journal (id),
          subject TEXT NOT NULL,
          target TEXT,
          action TEXT NOT NULL,
          in_doubt INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        INSERT INTO intent (journal_id, subject, action) SELECT journal_id, subject, 'repair' FROM journal_subject;
        DROP TABLE journal_subject;
        CREATE INDEX intent_by_subject ON intent (subject, journal_id);
        CREATE INDEX intent_by_target ON intent (target, journal_id) WHERE target IS NOT NULL;
        CREATE INDEX intent_in_doubt ON intent (journal_id) WHERE in_doubt = 1;
        CREATE TABLE record (
          position INTEGER PRIMARY KEY,
          kind TEXT NOT NULL,
          key TEXT NOT NULL,
          domain TEXT NOT NULL,
          body TEXT NOT NULL,
          hash TEXT NOT NULL,
          UNIQUE (kind, key)
        ) STRICT;
        CREATE INDEX record_by_domain ON record (kind, domain, position);
        CREATE INDEX record_by_position ON record (kind, position);
      `,
    },
  ],
}
