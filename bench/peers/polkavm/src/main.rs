//! The peer: PolkaVM itself, on the same ELF files our own linker takes.
//!
//!     polkavm-peer link ELF OUT
//!     polkavm-peer link-jam ELF OUT
//!     polkavm-peer probe
//!     polkavm-peer measure FILE BACKEND VARIANT COMPILATIONS EXECUTIONS WHOLES
//!
//! `link` runs PolkaVM's linker for its newest instruction set, `link-jam` for that of JAM. `probe` finds out
//! whether the compiler's sandbox works here. `measure` prints one JSON object with nanoseconds:
//!
//! - `compile`: from the bytes of the linked file to a module that is ready;
//! - `execute`: one call of `run` in an instance that is initialized and has run once before, another instance
//!   each time;
//! - `whole`: from the bytes to the answer, with the instance and `initialize` in it.
//!
//! BACKEND is `compiler` or `interpreter`. The compiler's sandbox is the one PolkaVM is made for, a process of
//! its own (the other, which is experimental, crashed where we tried it). Gas is metered synchronously, one unit
//! an instruction.

use polkavm::{
    BackendKind, Config, CostModel, CostModelKind, Engine, Gas, GasMeteringKind, Instance, Linker,
    Module, ModuleConfig, ProgramBlob, SandboxKind,
};
use polkavm_linker::{program_from_elf, TargetInstructionSet};
use std::error::Error;
use std::time::Instant;

type Failure = Box<dyn Error>;

const GAS: Gas = 1_000_000_000_000_000;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["link", elf, out] => link(elf, out, TargetInstructionSet::Latest),
        ["link-jam", elf, out] => link(elf, out, TargetInstructionSet::JamV1),
        ["probe"] => engine(BackendKind::Compiler).map(drop),
        ["measure", file, backend, variant, compilations, executions, wholes] => measure(
            std::fs::read(file)?,
            match backend {
                "compiler" => BackendKind::Compiler,
                "interpreter" => BackendKind::Interpreter,
                _ => return Err(format!("there is no backend '{backend}'").into()),
            },
            variant.parse()?,
            [compilations.parse()?, executions.parse()?, wholes.parse()?],
        ),
        _ => Err("usage: see the top of bench/peers/polkavm/src/main.rs".into()),
    }
}

fn link(elf: &str, out: &str, set: TargetInstructionSet) -> Result<(), Failure> {
    let mut config = polkavm_linker::Config::default();
    config.set_strip(true);
    let linked = program_from_elf(config, set, &std::fs::read(elf)?)?;
    std::fs::write(out, linked)?;
    Ok(())
}

fn engine(backend: BackendKind) -> Result<Engine, Failure> {
    let mut config = Config::new();
    config.set_backend(Some(backend));
    config.set_cache_enabled(false);
    if backend == BackendKind::Compiler {
        config.set_sandbox(Some(SandboxKind::Linux));
    }
    Ok(Engine::new(&config)?)
}

fn compile(engine: &Engine, bytes: &[u8]) -> Result<Module, Failure> {
    let blob = ProgramBlob::parse(bytes.into())?;
    let mut config = ModuleConfig::new();
    config.set_gas_metering(Some(GasMeteringKind::Sync));
    config.set_cost_model(Some(CostModelKind::Simple(CostModel::naive_ref())));
    Ok(Module::from_blob(engine, &config, blob)?)
}

fn instantiate(module: &Module, variant: u64) -> Result<Instance, Failure> {
    let mut linker: Linker = Linker::new();
    linker.define_typed("host_step", |value: u64| -> u64 { value.wrapping_add(1) })?;
    let mut instance = linker.instantiate_pre(module)?.instantiate()?;
    instance.set_gas(GAS);
    instance
        .call_typed(&mut (), "initialize", (variant,))
        .map_err(|error| format!("initialize: {error:?}"))?;
    Ok(instance)
}

fn run(instance: &mut Instance) -> Result<u64, Failure> {
    instance.set_gas(GAS);
    instance
        .call_typed_and_get_result::<u64, ()>(&mut (), "run", ())
        .map_err(|error| format!("run: {error:?}").into())
}

fn timed<T>(
    times: usize,
    mut work: impl FnMut() -> Result<T, Failure>,
) -> Result<Vec<u128>, Failure> {
    (0..times)
        .map(|_| {
            let start = Instant::now();
            let made = work()?;
            let nanoseconds = start.elapsed().as_nanos();
            // Taking it down is not part of it.
            drop(made);
            Ok(nanoseconds)
        })
        .collect()
}

fn measure(
    bytes: Vec<u8>,
    backend: BackendKind,
    variant: u64,
    counts: [usize; 3],
) -> Result<(), Failure> {
    let engine = engine(backend)?;
    let module = compile(&engine, &bytes)?;
    let mut instance = instantiate(&module, variant)?;
    let result = run(&mut instance)?;
    let gas = GAS - instance.gas();
    drop(instance);
    let mut execute = Vec::new();
    for _ in 0..counts[1] {
        let mut instance = instantiate(&module, variant)?;
        run(&mut instance)?;
        execute.extend(timed(1, || run(&mut instance))?);
    }
    let compile_times = timed(counts[0], || compile(&engine, &bytes))?;
    let whole = timed(counts[2], || {
        let module = compile(&engine, &bytes)?;
        let mut instance = instantiate(&module, variant)?;
        run(&mut instance)?;
        Ok((module, instance))
    })?;
    println!(
        "{{\"result\":\"{result}\",\"gas\":\"{gas}\",\
         \"compile\":{compile_times:?},\"execute\":{execute:?},\"whole\":{whole:?}}}"
    );
    Ok(())
}
