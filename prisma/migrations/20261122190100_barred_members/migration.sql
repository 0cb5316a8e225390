ALTER TABLE "participants"
    -- Why this member of a direct room may not write there: 'blocking', they have blocked the other one; 'blocked', the other
    -- one has blocked them. Null: they may. Kept by set_block, so that whoever sends finds it in the row they look at anyway.
    ADD COLUMN "barred" TEXT,
    -- While they have blocked the other one: how far that one is told they have read. Null: as far as they have.
    ADD COLUMN "shown_read_seq" INTEGER;
-- In all rows there are it is null: none has to be looked at while everybody waits.
ALTER TABLE "participants" ADD CONSTRAINT "participants_barred_check" CHECK ("barred" IN ('blocking', 'blocked')) NOT VALID;
