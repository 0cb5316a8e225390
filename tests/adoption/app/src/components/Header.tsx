import Link from 'next/link'

export function Header() {
  return (
    <header>
      <Link href="/">Example</Link>
      <form action="/sign-out" method="post">
        <button type="submit">Sign out</button>
      </form>
    </header>
  )
}
