import { people } from '@/people'

export default function Home() {
  return (
    <main>
      <h1>Example</h1>
      {people.map(({ id, name }) => (
        <a key={id} href={`/sign-in?as=${id}`}>
          {name}
        </a>
      ))}
    </main>
  )
}
