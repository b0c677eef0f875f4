/** What the page knows of a lesson. Knows no DOM and no socket. */
import type {
  HelpRequested,
  Participant,
  ParticipantJoined,
  ParticipantLeft,
  ProgressUpdated,
  SessionDetails,
  SessionStatusChanged,
  StepChanged,
  Subtask,
  UserId,
} from "@wirepact/services/classroom";

export const MAX_QUESTIONS = 50;
export const MAX_STUDENTS = 500;

export interface Student {
  readonly id: UserId;
  readonly name: string;
  readonly isHere: boolean;
  /** The step that they were last at, by its id. */
  readonly step: number | undefined;
}

/** A call for help, which has a number of its own. */
export interface Question extends HelpRequested {
  readonly number: number;
}

/** What is shown of a lesson: it does not change any more. */
export interface Shown {
  readonly title: string;
  readonly status: SessionDetails["status"] | undefined;
  readonly steps: readonly Subtask[];
  /** The step that everyone is at, by its id. */
  readonly current: number | undefined;
  /** How many have done the step that everyone is at. */
  readonly doneWithCurrent: number;
  /** By name. */
  readonly students: readonly Student[];
  /** How many of them are here. */
  readonly here: number;
  /** Newest first. */
  readonly questions: readonly Question[];
}

export class Lesson {
  title = "";
  status: SessionDetails["status"] | undefined;
  steps: readonly Subtask[] = [];
  /** The step that everyone is at, by its id. */
  current: number | undefined;
  /** Newest first. */
  questions: readonly Question[] = [];
  #asked = 0;
  readonly #students = new Map<UserId, Student>();

  /** By name. */
  get students(): readonly Student[] {
    return [...this.#students.values()].sort((a, b) => a.name.localeCompare(b.name));
  }

  /** How many have done the step that everyone is at. */
  get doneWithCurrent(): number {
    const steps = [...this.#students.values()].map(({ step }) => step);
    return steps.filter((step) => step !== undefined && step === this.current).length;
  }

  load(details: SessionDetails, participants: readonly Participant[]): void {
    this.title = details.title;
    this.status = details.status;
    this.steps = details.subtasks;
    this.current = details.current_subtask ?? undefined;
    this.#students.clear();
    for (const each of participants.slice(-MAX_STUDENTS)) {
      if (each.role === "STUDENT") {
        const isHere = each.status === "ACTIVE" || each.status === "COMPLETED";
        const step = each.current_subtask ?? undefined;
        this.#students.set(each.user_id, { id: each.user_id, name: each.user_name, isHere, step });
      }
    }
  }

  joined({ user_id, user_name, role }: ParticipantJoined): void {
    if (role === "STUDENT") this.#change(user_id, { name: user_name, isHere: true });
  }

  left({ user_id, user_name }: ParticipantLeft): void {
    if (this.#students.has(user_id)) this.#change(user_id, { name: user_name, isHere: false });
  }

  progressed({ user_id, user_name, subtask_id }: ProgressUpdated): void {
    this.#change(user_id, { name: user_name, isHere: true, step: subtask_id });
  }

  asked(question: HelpRequested): void {
    this.#asked += 1;
    this.questions = [{ ...question, number: this.#asked }, ...this.questions].slice(
      0,
      MAX_QUESTIONS,
    );
  }

  stepChanged({ subtask }: StepChanged): void {
    this.current = subtask.id;
    if (this.status === "WAITING") this.status = "IN_PROGRESS";
  }

  statusChanged({ status }: SessionStatusChanged): void {
    this.status = status;
  }

  /** What there is to show. */
  show(): Shown {
    const { title, status, steps, current, doneWithCurrent, students, questions } = this;
    const here = students.filter(({ isHere }) => isHere).length;
    return { title, status, steps, current, doneWithCurrent, students, here, questions };
  }

  #change(id: UserId, change: Partial<Student>): void {
    const known = this.#students.get(id) ?? { id, name: "", isHere: false, step: undefined };
    if (!this.#students.has(id) && this.#students.size >= MAX_STUDENTS) return;
    this.#students.set(id, { ...known, ...change });
  }
}

/** What a step is called. */
export function titleOf(step: number | undefined, steps: readonly Subtask[]): string {
  return steps.find(({ id }) => id === step)?.title ?? "";
}
