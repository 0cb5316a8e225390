import type { MetadataRoute } from 'next'

export default function manifest(): MetadataRoute.Manifest {
  return {
    name: 'Tandem',
    short_name: 'Tandem',
    description: 'Self-hosted realtime chat.',
    start_url: '/chat',
    display: 'standalone',
    background_color: '#f5f7f5',
    theme_color: '#0f6153',
    icons: [{ src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' }],
  }
}
