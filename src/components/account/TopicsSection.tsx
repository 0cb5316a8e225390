import Button from '@mui/material/Button'
import FormControlLabel from '@mui/material/FormControlLabel'
import List from '@mui/material/List'
import ListItem from '@mui/material/ListItem'
import Switch from '@mui/material/Switch'
import Typography from '@mui/material/Typography'
import { useTopics } from '@/hooks/useTopics'
import { Problem } from '../ui/Problem'
import { useSubmit } from '../ui/useSubmit'
import { Section } from './Section'

/** The topics that are open to this person, and which of them they follow. */
export function TopicsSection() {
  const { topics: followed, open, hasMore, problem, subscribe, unsubscribe, more, again } = useTopics()
  const { failure, submit: attempt } = useSubmit([])
  // What is followed and stands on a later page is shown all the same.
  const names = [...new Set([...(open ?? []), ...(followed ?? [])])].sort()

  return (
    <Section
      title="Topics"
      hint="What is sent to a topic that you follow is among your notifications, wherever you are."
    >
      <Problem text={failure.message} sx={{ mb: 1 }} />
      <Problem text={failure.message ? undefined : problem} again={() => attempt(again)} sx={{ mb: 1 }} />
      <Typography role="status" variant="body2" sx={{ color: 'text.secondary' }}>
        {followed && names.length === 0 && 'There are no topics yet.'}
      </Typography>
      {names.length > 0 && (
        <List disablePadding aria-label="Topics">
          {names.map((topic) => (
            <ListItem key={topic} disableGutters divider sx={{ py: 0.25 }}>
              <FormControlLabel
                label={topic}
                labelPlacement="start"
                control={
                  <Switch
                    checked={followed?.includes(topic) ?? false}
                    onChange={(_, on) => attempt(() => (on ? subscribe : unsubscribe)(topic))}
                  />
                }
                sx={{
                  flex: 1,
                  m: 0,
                  justifyContent: 'space-between',
                  minHeight: 40,
                  '& .MuiFormControlLabel-label': { overflowWrap: 'anywhere', minWidth: 0 },
                }}
              />
            </ListItem>
          ))}
        </List>
      )}
      {hasMore && (
        <Button onClick={() => attempt(more)} sx={{ mt: 1 }}>
          Show more
        </Button>
      )}
    </Section>
  )
}
