-- Changes of messages that were carried out, by the client id that their maker's page gave them: one that is sent again does
-- nothing. Kept for a hundred days: what waits in a browser longer than that has no session left to be sent in.
CREATE TABLE "message_writes" (
    "user_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "message_id" TEXT NOT NULL,
    -- What was done: 'delete', an edit with its text's hash, a reaction.
    "did" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "message_writes_pkey" PRIMARY KEY ("user_id", "client_id")
);
CREATE INDEX "message_writes_created_at_idx" ON "message_writes"("created_at");
ALTER TABLE "message_writes" ADD CONSTRAINT "message_writes_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;
