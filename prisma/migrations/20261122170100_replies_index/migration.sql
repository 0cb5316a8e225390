-- For the foreign key; most messages answer nothing. While it is made nobody waits, neither who reads nor who writes: hence
-- the only statement here, which runs in no transaction. Cut off, it leaves an index that is not valid: drop that, and again.
CREATE INDEX CONCURRENTLY "messages_reply_to_id_idx" ON "messages"("reply_to_id") WHERE "reply_to_id" IS NOT NULL;
