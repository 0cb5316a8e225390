-- Of a message that tells of a change of the group: what the wire says of it.
ALTER TABLE "messages" ADD COLUMN "system" JSONB;

-- When a message was last changed after it was sent; what looks for missed messages goes by it.
ALTER TABLE "messages" ADD COLUMN "changed_at" TIMESTAMPTZ(3);

-- What the wire says of who reacted, [{ emoji, count, userIds (20 at most) }] in the order of first use: written with the
-- message's new rev, which a reaction gives it anyway, so that whoever reads messages reads no second table.
ALTER TABLE "messages" ADD COLUMN "reactions" JSONB;
