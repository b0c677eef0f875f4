import { type ReactNode, useId } from "react";

interface CardProps {
  /** Where it stands in the view's grid. */
  readonly area: string;
  readonly title: string;
  /** What stands below the title. */
  readonly subtitle?: ReactNode;
  /** What stands beside the title. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** One thing that a view shows, with its name. */
export function Card({ area, title, subtitle, aside, children }: CardProps): ReactNode {
  const heading = useId();
  return (
    <section className={`card ${area}`} aria-labelledby={heading}>
      <div className="head">
        <div>
          <h2 id={heading}>{title}</h2>
          {subtitle}
        </div>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** What is longer than its card. The keyboard reaches it, so that it can be scrolled. */
export function Scroll({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label={label}>
      {children}
    </div>
  );
}
