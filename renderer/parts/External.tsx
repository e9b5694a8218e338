import { visible } from './external-text.ts'
import classes from './parts.module.css'

/** A text that somebody else wrote: isolated from the direction around it, with nothing hidden in it. */
export function External({ children, lang }: { children: string; lang?: string }) {
  return (
    <bdi className={classes.external} {...(lang ? { lang } : {})}>
      {visible(children)}
    </bdi>
  )
}
