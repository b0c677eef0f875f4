import { Component, type ReactNode } from "react";

interface Props {
  readonly children: ReactNode;
}

/** A view that fails to draw takes itself from the page, not the page. */
export class Failing extends Component<Props, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <p className="notice" role="alert">
        This view has failed. Reload the page, or go on with another one.
      </p>
    );
  }
}
