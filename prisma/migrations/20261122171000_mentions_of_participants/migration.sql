-- How many messages that name this member they have not read yet.
ALTER TABLE "participants" ADD COLUMN "unread_mentions" INTEGER NOT NULL DEFAULT 0;
-- All rows there are have the default: none has to be looked at while everybody waits.
ALTER TABLE "participants" ADD CONSTRAINT "participants_unread_mentions_check" CHECK ("unread_mentions" >= 0) NOT VALID;
