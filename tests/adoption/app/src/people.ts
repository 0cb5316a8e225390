/** Everybody who works here. */
export const people = [
  { id: 'ada', name: 'Ada Lovelace', photo: '/ada.svg' },
  { id: 'grace', name: 'Grace Hopper', photo: null },
  { id: 'katherine', name: 'Katherine Johnson', photo: null },
]
