import type { GroupSpec } from './panels'
import { anywhere, inNamespace, ofServer, percentiles, perMinute, perSecond, quantile, sum } from './queries'

/** The groups that requirements 000 name, in their order. */
export const groups: readonly GroupSpec[] = [
  {
    title: 'Connection Status',
    panels: [
      {
        title: 'Active connections',
        unit: 'short',
        single: true,
        queries: { connections: sum(inNamespace('socket_active_connections')) },
      },
      {
        title: 'Active users',
        description: 'People in the busiest namespace, counted once for each instance they are connected to.',
        unit: 'short',
        single: true,
        queries: { users: `max(${sum(inNamespace('socket_active_users'), 'namespace')})` },
      },
      {
        title: 'Active rooms',
        unit: 'short',
        single: true,
        queries: { rooms: sum(inNamespace('socket_active_rooms')) },
      },
      {
        title: 'Uptime',
        description: 'Of the instance that started last.',
        unit: 's',
        single: true,
        queries: { uptime: `min(${ofServer('socket_server_uptime_seconds')})` },
      },
      {
        title: 'Instances',
        unit: 'short',
        single: true,
        queries: { instances: 'sum(up{job="socket", instance=~"$instance"})' },
      },
    ],
  },
  {
    title: 'Connection Activity',
    panels: [
      {
        title: 'Connections a minute',
        unit: 'cpm',
        queries: {
          '{{namespace}} {{status}}': perMinute(inNamespace('socket_connections_total'), 'namespace, status'),
        },
      },
      {
        title: 'Disconnects a minute',
        unit: 'cpm',
        queries: { '{{reason}}': perMinute(inNamespace('socket_disconnects_total'), 'reason') },
      },
      {
        title: 'Connections by instance',
        unit: 'short',
        queries: { '{{instance}}': sum(inNamespace('socket_active_connections'), 'instance') },
      },
    ],
  },
  {
    title: 'Messages',
    panels: [
      { title: 'Events', unit: 'eps', queries: { all: perSecond(inNamespace('socket_messages_total')) } },
      {
        title: 'Inbound and outbound',
        unit: 'eps',
        queries: { '{{direction}}': perSecond(inNamespace('socket_messages_total'), 'direction') },
      },
      {
        title: 'By event',
        unit: 'eps',
        queries: {
          '{{event}} {{direction}}': `topk(12, ${perSecond(inNamespace('socket_messages_total'), 'event, direction')})`,
        },
      },
    ],
  },
  {
    title: 'Performance',
    panels: [
      {
        title: 'Latency of commands',
        description: 'From the arrival of a command to its answer.',
        unit: 's',
        queries: percentiles(inNamespace('socket_message_duration_seconds_bucket')),
      },
      {
        title: 'Acknowledgement of chat messages',
        description: 'From the arrival of a message to its acknowledgement: stored and published.',
        unit: 's',
        queries: percentiles(ofServer('tandem_acknowledgement_seconds_bucket')),
      },
      {
        title: 'Size of events',
        unit: 'bytes',
        queries: {
          'P50 {{direction}}': quantile(0.5, inNamespace('socket_message_size_bytes_bucket'), 'direction'),
          'P99 {{direction}}': quantile(0.99, inNamespace('socket_message_size_bytes_bucket'), 'direction'),
        },
      },
    ],
  },
  {
    title: 'Auth & Errors',
    panels: [
      {
        title: 'Authentication a minute',
        unit: 'cpm',
        queries: { '{{status}}': perMinute(ofServer('socket_auth_events_total'), 'status') },
      },
      {
        title: 'Errors a minute',
        unit: 'cpm',
        queries: { '{{error_type}}': perMinute(inNamespace('socket_errors_total'), 'error_type') },
      },
      {
        title: 'API requests by status',
        unit: 'reqps',
        queries: {
          '{{status_code}}': perSecond(anywhere('tandem_http_request_duration_seconds_count'), 'status_code'),
        },
      },
    ],
  },
  {
    title: 'What it stands on',
    panels: [
      {
        title: 'Event loop delay (P99)',
        unit: 's',
        queries: {
          '{{instance}}': `max by (instance) (${ofServer('tandem_event_loop_delay_seconds', 'quantile="0.99"')})`,
        },
      },
      {
        title: 'Database connections',
        unit: 'short',
        queries: {
          '{{pool}} {{state}}': sum(ofServer('tandem_database_pool_connections'), 'pool, state'),
          '{{pool}} waiting': sum(ofServer('tandem_database_pool_waiting'), 'pool'),
        },
      },
      {
        title: 'Listening to PostgreSQL, linked to Redis',
        description: '1 while it works. Redis shows nothing where none is configured.',
        unit: 'short',
        queries: {
          'PostgreSQL {{instance}}': ofServer('tandem_database_listening'),
          'Redis {{instance}}': ofServer('tandem_redis_up'),
        },
      },
      {
        title: 'Background jobs',
        description: 'The queue of all processes, and what one job took on average.',
        unit: 'short',
        queries: {
          '{{state}}': `max by (state) (${ofServer('tandem_jobs')})`,
          'seconds: {{task}}': `${sum(perSecond(ofServer('tandem_job_duration_seconds_sum')), 'task')} / ${sum(perSecond(ofServer('tandem_job_duration_seconds_count')), 'task')}`,
        },
      },
      {
        title: 'Group commit',
        unit: 'short',
        queries: {
          'messages a batch': `${perSecond(ofServer('tandem_commit_batch_size_sum'))} / ${perSecond(ofServer('tandem_commit_batch_size_count'))}`,
          waiting: sum(ofServer('tandem_commit_queue_length')),
        },
      },
      {
        title: 'Catching up, rooms a minute',
        unit: 'cpm',
        queries: { '{{result}}': perMinute(ofServer('tandem_catch_up_rooms_total'), 'result') },
      },
      {
        title: 'Lost on the way, a minute',
        description: 'What is lost here is stored; clients catch up.',
        unit: 'cpm',
        queries: {
          'not published: {{bus}}': perMinute(ofServer('tandem_publish_failures_total'), 'bus'),
          'slow readers cut off': perMinute(ofServer('tandem_slow_readers_cut_total')),
          'rate limited: {{module}}': perMinute(
            ofServer('tandem_rate_limit_decisions_total', 'decision="limited"'),
            'module',
          ),
          reconnects: perMinute(inNamespace('tandem_client_reconnects_total')),
        },
      },
    ],
  },
]
