import { type CSSVariablesResolver, createTheme, type MantineColorsTuple, Modal } from '@mantine/core'

/** Ten shades of a La Suite palette, light to dark; the seventh is the one that carries white text. */
const palette = (name: string): MantineColorsTuple => {
  const shade = (step: string) => `var(--c--globals--colors--${name}-${step})`
  return [
    shade('050'),
    shade('100'),
    shade('200'),
    shade('300'),
    shade('400'),
    shade('500'),
    shade('550'),
    shade('600'),
    shade('650'),
    shade('700'),
  ]
}

/** The head of a dialog is a <header>, which assistive technologies would take for a second one of the page. */
const plainHeader = { header: { role: 'presentation' } }

/** The one place that knows La Suite's tokens and Mantine's theme; components use neither by name. */
export const theme = createTheme({
  fontFamily: 'Marianne, "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace: '"JetBrains Mono", Consolas, Menlo, "Liberation Mono", monospace',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  headings: { fontWeight: '700', sizes: { h1: { fontSize: '20px' }, h2: { fontSize: '14px' } } },
  colors: {
    brand: palette('brand'),
    gray: palette('gray'),
    red: palette('error'),
    green: palette('success'),
    yellow: palette('warning'),
  },
  primaryColor: 'brand',
  primaryShade: { light: 6, dark: 6 },
  defaultRadius: 'sm',
  radius: { sm: '4px', md: '8px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Modal: Modal.extend({ defaultProps: { attributes: plainHeader } }),
  },
})

/** Mantine's own surfaces and texts, taken from the same tokens in light and in dark. */
export const variables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-error': 'var(--bad)',
    '--mantine-color-dimmed': 'var(--quiet)',
    '--mantine-color-anchor': 'var(--accent)',
    '--mantine-color-placeholder': 'var(--quiet)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-hover': 'var(--hover)',
    '--mantine-color-default-color': 'var(--text)',
    '--mantine-color-default-border': 'var(--line)',
    '--mantine-color-disabled': 'var(--page)',
    '--mantine-color-disabled-color': 'color-mix(in srgb, var(--quiet) 55%, transparent)',
    '--mantine-color-disabled-border': 'var(--line)',
  }
  return { variables: {}, light: shared, dark: shared }
}
