-- Tickets that have opened a handshake; each is kept until nobody accepts it any more (a minute). Unlogged: a handshake then
-- waits for no disk. A crash of the server empties it, after which a ticket of the last minute could be used once more.
CREATE UNLOGGED TABLE "used_tickets" (
    "id" TEXT NOT NULL,
    "dead_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "used_tickets_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "used_tickets_dead_at_idx" ON "used_tickets"("dead_at");
