import { type ReactNode, type SubmitEvent, useId } from "react";

interface Props {
  /** The view, and what of it is chosen, as the address names them. */
  readonly view: string;
  readonly name: string;
  readonly label: string;
  /** What is shown now. */
  readonly value: string;
  /** What a value looks like. */
  readonly pattern: string;
}

/** A line for what a view is to show. The address says which it is. */
export function Choice({ view, name, label, value, pattern }: Props): ReactNode {
  const id = useId();
  const choose = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const chosen = String(new FormData(event.currentTarget).get(name));
    location.hash = new URLSearchParams({ view, [name]: chosen }).toString();
  };
  return (
    <form className="choice" onSubmit={choose}>
      <label htmlFor={id}>{label}</label>
      <input id={id} name={name} defaultValue={value} required pattern={pattern} />
      <button className="plain" type="submit">
        Show
      </button>
    </form>
  );
}
