-- Presence is told to people who share a group, or a direct room in which both have written: opening a room with a
-- stranger says nothing of them. Whether somebody has written in a room is noted beside their membership, so that nobody
-- counts messages to find out. Who has written before now is noted by a later migration: this one locks the table for no
-- longer than a column takes.
ALTER TABLE "participants" ADD COLUMN "has_written" BOOLEAN NOT NULL DEFAULT false;
