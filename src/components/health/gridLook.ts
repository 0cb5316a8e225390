/** Makes the data grid look like the rest of the page. */
export const gridLook = {
  border: 0,
  '--DataGrid-t-color-border-base': 'var(--mui-palette-divider)',
  '--DataGrid-t-header-background-base': 'transparent',
  '--DataGrid-t-color-background-base': 'var(--mui-palette-background-paper)',
  fontSize: '0.875rem',
  fontVariantNumeric: 'tabular-nums',
  '& .MuiDataGrid-columnHeaderTitle': { fontWeight: 500, fontSize: '0.8125rem', color: 'text.secondary' },
  '& .MuiDataGrid-columnSeparator': { display: 'none' },
  '& .MuiDataGrid-footerContainer': { minHeight: 48, borderColor: 'divider' },
  '& .MuiDataGrid-row--lastVisible .MuiDataGrid-cell': { borderBottomColor: 'transparent' },
  '& .MuiDataGrid-cell': { display: 'flex', alignItems: 'center' },
  '& .MuiDataGrid-columnHeader:focus-within, & .MuiDataGrid-cell:focus-within': { outlineOffset: '-2px' },
} as const
