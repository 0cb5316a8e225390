-- Apart from the column, so that nobody who reads waits while it is made. For the foreign key; most messages answer nothing.
CREATE INDEX "messages_reply_to_id_idx" ON "messages"("reply_to_id") WHERE "reply_to_id" IS NOT NULL;
