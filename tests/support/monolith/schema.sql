-- What is there before: NextAuth's tables as its Prisma adapter makes them (with the password column that a Credentials
-- provider needs), and a chat of one's own, with times as Prisma's DateTime has them: UTC, and the type does not say so.
CREATE TABLE "User" (
  id text PRIMARY KEY,
  name text,
  email text UNIQUE,
  "emailVerified" timestamp(3),
  image text,
  password text
);
CREATE TABLE "Account" (
  id text PRIMARY KEY,
  "userId" text NOT NULL REFERENCES "User" ON DELETE CASCADE,
  type text NOT NULL,
  provider text NOT NULL,
  "providerAccountId" text NOT NULL,
  refresh_token text,
  access_token text,
  expires_at integer,
  token_type text,
  scope text,
  id_token text,
  session_state text,
  UNIQUE (provider, "providerAccountId")
);
CREATE TABLE "Session" (
  id text PRIMARY KEY,
  "sessionToken" text NOT NULL UNIQUE,
  "userId" text NOT NULL REFERENCES "User" ON DELETE CASCADE,
  expires timestamp(3) NOT NULL
);
CREATE TABLE "VerificationToken" (identifier text, token text UNIQUE, expires timestamp(3), UNIQUE (identifier, token));

CREATE TABLE chats (
  id text PRIMARY KEY DEFAULT gen_random_uuid(),
  -- None: it is of two people.
  title text,
  created_at timestamp(3) NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')
);
CREATE TABLE chat_members (
  chat_id text NOT NULL REFERENCES chats ON DELETE CASCADE,
  user_id text NOT NULL REFERENCES "User" ON DELETE CASCADE,
  last_read_at timestamp(3),
  PRIMARY KEY (chat_id, user_id)
);
CREATE TABLE messages (
  id text PRIMARY KEY DEFAULT gen_random_uuid(),
  chat_id text NOT NULL REFERENCES chats ON DELETE CASCADE,
  sender_id text NOT NULL REFERENCES "User",
  content text NOT NULL,
  created_at timestamp(3) NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')
);
CREATE INDEX ON messages (chat_id, created_at);
