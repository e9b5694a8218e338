import type { DatabaseShape } from './database.ts'

/**
 * What dimail said. `domain` holds what the table shows, kept narrow because every list and count scans it;
 * `snapshot` is append-only, one row each time dimail's answer changed: states, spans and the raw answer are
 * read from it. Each index that sorts also holds what filters, so that a filtered page is found without reading
 * the table; `tally` holds the counts that the window shows at each key typed (tally.ts). A job and its rows live
 * here too, so that a result and its "done" are one commit.
 *
 * Version 2 adds mailboxes and aliases. `person` of a mailbox and `text` of an alias are folded (folding.ts) and
 * are what the indexes of trigrams hold; of an address, `mailbox_text` holds the part that its domain does not tell
 * (mailbox-row.ts). One index holds all that the table of a domain sorts and filters by (docs/decisions/search.md).
 * `secondary` mirrors the desk, to sort by it.
 *
 * Version 3 mirrors the desk's custom attributes of domains, to search by them: `text` holds their values, folded, a
 * line each.
 *
 * Version 4 adds the last diagnosis of each domain's DNS, deflated, the codes of dimail that nothing here explains, and
 * what a job that diagnoses found of each domain.
 */
export const cacheShape: DatabaseShape = {
  applicationId: 0x64_69_6d_63, // "dimc"
  synchronous: 'NORMAL',
  migrations: [
    {
      version: 1,
      up: `
        CREATE TABLE domain (
          id INTEGER PRIMARY KEY,
          name TEXT NOT NULL UNIQUE,
          status TEXT NOT NULL,
          urgency INTEGER NOT NULL,
          repair TEXT NOT NULL,
          failing TEXT NOT NULL,
          since INTEGER NOT NULL,
          since_exact INTEGER NOT NULL,
          checked_at INTEGER,
          attempt_at INTEGER,
          attempt_failure TEXT,
          fetched_at INTEGER NOT NULL,
          mailboxes INTEGER,
          mailboxes_at INTEGER,
          records_at INTEGER,
          snapshot_id INTEGER,
          gone_at INTEGER
        ) STRICT;
        CREATE INDEX domain_by_name ON domain (name, status, repair) WHERE gone_at IS NULL;
        CREATE INDEX domain_by_urgency ON domain (urgency, name, status, repair) WHERE gone_at IS NULL;
        CREATE INDEX domain_by_since ON domain (since, name, status, repair) WHERE gone_at IS NULL;
        CREATE INDEX domain_by_checked ON domain (checked_at, name, status, repair) WHERE gone_at IS NULL;
        CREATE INDEX domain_by_mailboxes ON domain (mailboxes, name, status, repair) WHERE gone_at IS NULL;
        CREATE TABLE tally (
          status TEXT NOT NULL,
          repair TEXT NOT NULL,
          n INTEGER NOT NULL,
          PRIMARY KEY (status, repair)
        ) STRICT, WITHOUT ROWID;
        CREATE VIRTUAL TABLE domain_text USING fts5 (name, content = 'domain', content_rowid = 'id', tokenize = 'trigram');
        CREATE TABLE snapshot (
          id INTEGER PRIMARY KEY,
          domain_id INTEGER NOT NULL REFERENCES domain (id),
          at INTEGER NOT NULL,
          status TEXT NOT NULL,
          answer TEXT NOT NULL
        ) STRICT;
        CREATE INDEX snapshot_by_domain ON snapshot (domain_id);
        CREATE TABLE expected_record (
          domain_id INTEGER NOT NULL REFERENCES domain (id),
          position INTEGER NOT NULL,
          target TEXT NOT NULL,
          type TEXT NOT NULL,
          value TEXT NOT NULL,
          PRIMARY KEY (domain_id, position)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE job (
          id INTEGER PRIMARY KEY,
          kind TEXT NOT NULL,
          state TEXT NOT NULL,
          total INTEGER NOT NULL,
          done INTEGER NOT NULL DEFAULT 0,
          failed INTEGER NOT NULL DEFAULT 0,
          started_at INTEGER NOT NULL,
          ended_at INTEGER
        ) STRICT;
        CREATE TABLE job_row (
          job_id INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
          position INTEGER NOT NULL,
          name TEXT NOT NULL,
          state TEXT NOT NULL,
          status TEXT,
          failure TEXT,
          at INTEGER,
          PRIMARY KEY (job_id, position)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE fact (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
      `,
    },
    {
      version: 2,
      up: `
        ALTER TABLE domain ADD COLUMN context TEXT;
        ALTER TABLE domain ADD COLUMN mailboxes_listed_at INTEGER;
        ALTER TABLE domain ADD COLUMN aliases_listed_at INTEGER;
        UPDATE domain SET context = (
          SELECT nullif(json_extract(answer, '$.context_name'), '') FROM snapshot
          WHERE snapshot.id = snapshot_id AND CASE WHEN json_valid(answer)
            THEN json_type(answer, '$.context_name') = 'text' ELSE FALSE END
        );
        CREATE INDEX domain_by_context ON domain (context, name) WHERE context IS NOT NULL;
        CREATE TABLE mailbox (
          id INTEGER PRIMARY KEY,
          address TEXT NOT NULL UNIQUE,
          domain_id INTEGER NOT NULL REFERENCES domain (id),
          local_part TEXT NOT NULL,
          email TEXT NOT NULL,
          given_name TEXT NOT NULL,
          sur_name TEXT NOT NULL,
          display_name TEXT NOT NULL,
          person TEXT NOT NULL,
          kind TEXT NOT NULL,
          imap TEXT NOT NULL,
          smtp TEXT,
          state TEXT,
          status TEXT NOT NULL,
          fetched_at INTEGER NOT NULL,
          gone_at INTEGER
        ) STRICT;
        CREATE INDEX mailbox_in_domain ON mailbox (domain_id, address, person, status, kind);
        CREATE INDEX mailbox_by_person ON mailbox (person) WHERE gone_at IS NULL AND person <> '';
        CREATE VIRTUAL TABLE mailbox_text USING fts5 (address, person, content = '', detail = none, columnsize = 0,
          tokenize = 'trigram case_sensitive 1');
        CREATE TABLE secondary (address TEXT PRIMARY KEY, email TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE alias (
          id INTEGER PRIMARY KEY,
          domain_id INTEGER NOT NULL REFERENCES domain (id),
          local_part TEXT NOT NULL,
          destination TEXT NOT NULL,
          text TEXT NOT NULL,
          allow_to_send INTEGER,
          fetched_at INTEGER NOT NULL,
          UNIQUE (domain_id, local_part, destination)
        ) STRICT;
        CREATE INDEX alias_by_text ON alias (text);
        CREATE VIRTUAL TABLE alias_text USING fts5 (text, content = 'alias', content_rowid = 'id',
          detail = none, columnsize = 0, tokenize = 'trigram case_sensitive 1');
      `,
    },
    {
      version: 3,
      up: `
        CREATE TABLE attribute (
          id INTEGER PRIMARY KEY,
          domain TEXT NOT NULL UNIQUE,
          text TEXT NOT NULL
        ) STRICT;
        CREATE VIRTUAL TABLE attribute_text USING fts5 (text, content = 'attribute', content_rowid = 'id',
          detail = none, columnsize = 0, tokenize = 'trigram case_sensitive 1');
      `,
    },
    {
      version: 4,
      up: `
        CREATE TABLE diagnosis (
          domain_id INTEGER PRIMARY KEY REFERENCES domain (id),
          at INTEGER NOT NULL,
          body BLOB NOT NULL
        ) STRICT;
        CREATE TABLE unknown_code (
          check_key TEXT NOT NULL,
          code TEXT NOT NULL,
          count INTEGER NOT NULL,
          first_at INTEGER NOT NULL,
          last_at INTEGER NOT NULL,
          domain TEXT NOT NULL,
          PRIMARY KEY (check_key, code)
        ) STRICT, WITHOUT ROWID;
        ALTER TABLE job_row ADD COLUMN to_correct INTEGER;
      `,
    },
  ],
}
