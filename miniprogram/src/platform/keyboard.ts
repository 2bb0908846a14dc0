/** H5: Enter and Space press what says it is a button, Escape closes the topmost sheet. */
const PRESSABLE = '[role="button"],[role="radio"],[role="checkbox"],[role="switch"],[role="link"],[role="tab"]';

export function keyboardTaps(): void {
  document.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    if ((event.key === "Enter" || event.key === " ") && target.matches(PRESSABLE)) {
      event.preventDefault();
      target.click();
    } else if (event.key === "Escape") {
      Array.from(document.querySelectorAll<HTMLElement>(".sheet__close")).at(-1)?.click();
    }
  });
}
