export * from './deskState';
export * from './frameBytes';
