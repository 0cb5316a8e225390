-- What a group is besides a room: its picture, who made it under which client id, how many are in it. One table a file, here
-- and in the next ones: whoever waits for one table must not keep another from those who read both.
ALTER TABLE "rooms"
    ADD COLUMN "avatar_image" TEXT,
    -- Of a group, kept by the triggers below; 0 in every other room.
    ADD COLUMN "member_count" INTEGER NOT NULL DEFAULT 0,
    -- Together the identity of a group that is being made, however often and by whichever way that is asked for.
    ADD COLUMN "maker_id" TEXT,
    ADD COLUMN "client_id" TEXT;
