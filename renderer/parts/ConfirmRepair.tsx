import { useTranslation } from 'react-i18next'
import { Confirm } from './Confirm.tsx'

type Props = { title: string; what: string; opened: boolean; close: () => void; repair: () => unknown }

/** A repair changes things at dimail: what it will do is said before, for one domain as for many. */
export function ConfirmRepair({ repair, ...ask }: Props) {
  const { t } = useTranslation()
  return <Confirm {...ask} act={t('domain.repair')} confirm={repair} />
}
