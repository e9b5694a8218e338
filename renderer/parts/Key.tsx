import classes from './parts.module.css'

/** The key that does the same as the button it stands on. */
export const Key = ({ children }: { children: string }) => (
  <kbd className={classes.kbd} aria-hidden>
    {children}
  </kbd>
)
