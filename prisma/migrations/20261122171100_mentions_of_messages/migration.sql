-- Whom a message names, ["userId"], as the wire says it: so whoever reads messages reads no second table. And what was asked
-- for, with those who are no members: a message that is sent again is compared with it.
ALTER TABLE "messages" ADD COLUMN "mentions" JSONB;
ALTER TABLE "messages" ADD COLUMN "mentions_asked" TEXT;
