import type { ContextProp, ItemProps, ListProps } from 'react-virtuoso'

/** A virtualised list as `ul` and `li`, so that a screen reader counts it as one. */
export const VirtualList = ({ style, context: _, ...props }: ListProps<HTMLUListElement> & ContextProp<unknown>) => (
  <ul {...props} style={{ ...style, margin: 0, paddingInline: 0, listStyle: 'none' }} />
)

export const VirtualItem = ({
  item: _item,
  context: _context,
  ...props
}: ItemProps<unknown> & ContextProp<unknown>) => <li {...props} />
