import type * as z from 'zod/mini'
import type { NotificationContent } from '@/contracts/notifications'

interface Sample {
  name: string
  content: z.input<typeof NotificationContent>
}

/** One of each kind. */
export const kindSamples: readonly Sample[] = [
  {
    name: 'Information',
    content: {
      type: 'info',
      title: 'Maintenance on Sunday',
      message: 'We update the servers between 04:00 and 04:10. You need not do anything.',
    },
  },
  {
    name: 'Success',
    content: { type: 'success', title: 'Your export is ready', message: 'All 1,204 conversations are in the file.' },
  },
  {
    name: 'Warning',
    content: {
      type: 'warning',
      title: 'Storage is nearly full',
      message: '92 % is in use. Consider removing old backups.',
    },
  },
  {
    name: 'Error',
    content: {
      type: 'error',
      title: 'Backup failed',
      message: 'The nightly backup could not be written: the disk did not answer.',
    },
  },
]

/** One of each way to picture one. */
export const avatarSamples: readonly Sample[] = [
  {
    name: 'Image',
    content: {
      title: 'Grace shared a picture',
      message: 'It is pictured by an image of its own.',
      avatarImage: '/icon.svg',
    },
  },
  {
    name: 'Icon',
    content: {
      title: 'Version 2.4 is out',
      message: 'It is pictured by an icon.',
      avatarIcon: 'release',
      avatarColor: '#47559b',
    },
  },
  {
    name: 'Text',
    content: {
      title: 'Alan Turing mentioned you',
      message: 'It is pictured by two letters.',
      avatarText: 'AT',
      avatarColor: '#7a4b93',
    },
  },
  {
    name: 'A long one',
    content: {
      title: 'A notification with a title that is longer than any list has room for in one single line',
      message: 'Its message goes on as well. '.repeat(12).trim(),
      type: 'info',
    },
  },
]
