#!/bin/sh
# A chat with curl alone: signs in, sends, reads what has changed since, and shows a token. jq reads the answers.
#
#   TANDEM=http://localhost:3000 EMAIL=ada@example.com PASSWORD=… sh examples/curl/chat.sh 'Hello from a shell'
set -eu
cookies=$(mktemp)
trap 'rm -f "$cookies"' EXIT
ask() {
  curl --silent --show-error --fail-with-body --cookie "$cookies" --cookie-jar "$cookies" \
    --header 'Content-Type: application/json' "$@"
}

# The cookie is the session, and all that HTTP asks for.
jq -n '{ email: env.EMAIL, password: env.PASSWORD }' | ask "$TANDEM/api/auth/login" --data @- |
  jq -r '"Signed in as \(.user.name)"'

# The latest conversation, and how far it has come.
latest=$(ask "$TANDEM/api/chat/rooms" | jq '.rooms[0]')
room=$(echo "$latest" | jq -r .id)
rev=$(echo "$latest" | jq .lastRev)
echo "Room $room is at $rev"

# The client id makes it safe to send again: the second answer is the first one's message.
message=$(jq -n --arg roomId "$room" --arg message "$1" --arg clientId "shell-$$-$(date +%s)" \
  '{ $roomId, $message, $clientId }')
for attempt in first second; do
  echo "$message" | ask "$TANDEM/api/chat/messages" --data @- | jq -r --arg attempt "$attempt" '"Sent, \($attempt): \(.seq)"'
done

# What has changed since, at most 200 at a time.
more=true
while [ "$more" = true ]; do
  page=$(jq -n --arg room "$room" --argjson rev "$rev" '{ rooms: { ($room): $rev } }' |
    ask "$TANDEM/api/chat/sync" --data @- | jq --arg room "$room" '.rooms[$room]')
  echo "$page" | jq -r '.messages[] | "\(.seq) \(.message)"'
  more=$(echo "$page" | jq .hasMore)
  rev=$(echo "$page" | jq '.messages[-1].rev // .lastRev')
done

# A token opens what is not on this address: here GraphQL, on the socket server. For a socket: namespace=/chat, and it
# is good for one handshake.
ticket=$(ask "$TANDEM/api/auth/session-token?namespace=/graphql")
echo '{ "query": "{ listRooms { rooms { name unread } } }" }' |
  curl --silent --show-error --fail-with-body "$(echo "$ticket" | jq -r .url)/graphql" --data @- \
    --header "Authorization: Bearer $(echo "$ticket" | jq -r .token)" --header 'Content-Type: application/json' |
  jq -r '.data.listRooms.rooms[0] | "By GraphQL: \(.name), \(.unread) unread"'
